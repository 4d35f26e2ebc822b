const both = (port: number): { tcp: number; udp: number } => ({ tcp: port, udp: port });

/**
 * Ports by name for those who resolve none themselves: the well-known ones, from IANA's
 * "service-names-port-numbers", with the transports that Debian's services(5) gives them. The
 * command lines read /etc/services first.
 */
export const services: Readonly<Record<string, { readonly tcp?: number; readonly udp?: number }>> =
  {
    echo: both(7),
    discard: both(9),
    'ftp-data': { tcp: 20 },
    ftp: { tcp: 21 },
    ssh: { tcp: 22 },
    telnet: { tcp: 23 },
    smtp: { tcp: 25 },
    domain: both(53),
    bootps: { udp: 67 },
    bootpc: { udp: 68 },
    tftp: { udp: 69 },
    http: { tcp: 80 },
    kerberos: both(88),
    pop3: { tcp: 110 },
    sunrpc: both(111),
    ntp: { udp: 123 },
    imap2: { tcp: 143 },
    snmp: both(161),
    'snmp-trap': both(162),
    bgp: { tcp: 179 },
    ldap: both(389),
    https: both(443),
    'microsoft-ds': both(445),
    syslog: { udp: 514 },
    ldaps: both(636),
    imaps: { tcp: 993 },
    pop3s: { tcp: 995 },
    nfs: both(2049),
    mysql: { tcp: 3306 },
    postgresql: { tcp: 5432 },
    amqp: both(5672),
    sip: both(5060),
    mdns: { udp: 5353 },
    redis: { tcp: 6379 },
    'http-alt': both(8080),
  };
