/* ether multicast and not broadcast */
static __always_inline bool filter(const __u8 *data, const __u8 *end)
{
	if (data + 14 > end || !(read8(data) & 1))
		return false;
	return read32(data) != 0xffffffff || read16(data + 4) != 0xffff;
}
