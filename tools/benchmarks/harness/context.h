/* include/uapi/linux/bpf.h, as much of it as is read. */
struct xdp_md {
	__u32 data;
	__u32 data_end;
};
