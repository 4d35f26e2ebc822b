import type { PredicateTest } from '../../predicate/types.ts';
import type { Headers } from '../headers.ts';
import { ipv4Address, ipv6Address } from './address.ts';
import { atmWord, lane } from './atm.ts';
import { interfaceIndex, packetDirection } from './capture.ts';
import { broadcast, multicast } from './cast.ts';
import type { Condition } from './condition.ts';
import { announces, type Context, type Encapsulation } from './context.ts';
import { decnetAddress } from './decnet.ts';
import { field } from './field.ts';
import { gateway } from './gateway.ts';
import { linkAddress } from './hardware-address.ts';
import { ipProtocolIs } from './ip-header.ts';
import { llc } from './llc.ts';
import { mpls } from './mpls.ts';
import { mtpWord } from './mtp.ts';
import { isisPdu, isoProtocol } from './osi.ts';
import { pfName, pfNumber } from './pflog.ts';
import { port } from './port.ts';
import { pppoeDiscovery, pppoeSession } from './pppoe.ts';
import { protochain } from './protochain.ts';
import { relation } from './relation.ts';
import { geneve, vxlan } from './tunnel.ts';
import { vlan } from './vlan.ts';
import { wlanDirection, wlanType } from './wlan.ts';

/** One test: what it asks of a packet, and where the tests behind it look if that has changed. */
interface LoweredTest {
  readonly condition: Condition;
  readonly inside?: Headers;
}

export function lowerTest(context: Context, test: PredicateTest): LoweredTest {
  const lowered = dispatch(context, test);
  return typeof lowered === 'object' ? lowered : { condition: lowered };
}

function dispatch(context: Context, test: PredicateTest): Condition | Encapsulation {
  switch (test.kind) {
    case 'link-protocol':
      return announces(context, test.protocol);
    case 'ip-protocol':
      return ipProtocolIs(context, test);
    case 'protochain':
      return protochain(context, test);
    case 'iso-protocol':
      return isoProtocol(context, test);
    case 'isis-pdu':
      return isisPdu(context, test);
    case 'ipv4-address':
      return ipv4Address(context, test);
    case 'ipv6-address':
      return ipv6Address(context, test);
    case 'link-address':
      return linkAddress(context, test);
    case 'decnet-address':
      return decnetAddress(context, test);
    case 'gateway':
      return gateway(context, test);
    case 'port':
      return port(context, test);
    case 'broadcast':
      return broadcast(context, test);
    case 'multicast':
      return multicast(context, test);
    case 'packet-direction':
      return packetDirection(context, test);
    case 'interface-index':
      return interfaceIndex(context, test);
    case 'vlan':
      return vlan(context, test);
    case 'mpls':
      return mpls(context, test);
    case 'pppoe-discovery':
      return pppoeDiscovery(context);
    case 'pppoe-session':
      return pppoeSession(context, test);
    case 'geneve':
      return geneve(context, test);
    case 'vxlan':
      return vxlan(context, test);
    case 'lane':
      return lane(context);
    case 'llc':
      return llc(context, test);
    case 'wlan-type':
      return wlanType(context, test);
    case 'wlan-direction':
      return wlanDirection(context, test);
    case 'pf-name':
      return pfName(context, test);
    case 'pf-number':
      return pfNumber(context, test);
    case 'atm-word':
      return atmWord(context, test);
    case 'mtp-word':
      return mtpWord(context, test);
    case 'field':
      return field(context, test);
    case 'relation':
      return relation(context, test);
    default:
      return test satisfies never;
  }
}
