/** IFNAMSIZ of include/uapi/linux/if.h, less the NUL. */
const MAX_NAME = 15;

/** Whether the kernel could have a device of this name (dev_valid_name() of net/core/dev.c). */
export function isDeviceName(name: string): boolean {
  const tooLong = Buffer.byteLength(name) > MAX_NAME;
  return name !== '' && !tooLong && !/[\s/:]/.test(name) && name !== '.' && name !== '..';
}
