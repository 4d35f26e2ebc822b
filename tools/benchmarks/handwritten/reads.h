/* How these files read a frame, once they have compared with its end. */

#define read8(at) (*(at))

static __always_inline __u16 read16(const __u8 *at)
{
	return *(const __u16 *)at;
}

static __always_inline __u32 read32(const __u8 *at)
{
	return *(const __u32 *)at;
}
