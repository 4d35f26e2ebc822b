/* Parts of a large filter in the packet of a running XDP program. */
#pragma once
#include "packet_xdp_buff.h"
#include "parts_skb.h"
