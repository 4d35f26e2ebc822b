import { hookc } from '../support/lab.ts';

/** A command line with something wrong in it, and what must be said of that. */
export interface Case {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Each must be in the message. */
  readonly says: readonly string[];
  readonly needsRoot?: true;
  readonly env?: NodeJS.ProcessEnv;
}

/** A file that is part of a mistake. */
const given = (name: string): string => new URL(`mistakes/${name}`, import.meta.url).pathname;

/** Mistakes in what hookc alone has: several filters, targets, templates, packets, inspect. */
export const hookcMistakes: readonly Case[] = [
  {
    name: 'a form that is nearly known',
    command: hookc,
    args: ['--emit', 'obejct', 'ip'],
    says: ["did you mean 'object'?"],
  },
  {
    name: 'several filters where one is shown',
    command: hookc,
    args: ['--filter', 'a=ip', '--filter', 'b=arp', '-d'],
    says: ['--filter is given 2 times, and cbpf is of one filter', '--emit c, asm, object'],
  },
  {
    name: 'a filter without a name',
    command: hookc,
    args: ['--filter', 'tcp port 80'],
    says: ["--filter takes NAME=FILTER, not 'tcp port 80'"],
  },
  {
    name: 'a name that C has taken',
    command: hookc,
    args: ['--filter', 'short=less 100'],
    says: ["--filter takes NAME=FILTER, not 'short=less 100'"],
  },
  {
    name: 'a name given twice',
    command: hookc,
    args: ['--filter', 'a=ip', '--filter', 'a=arp'],
    says: ['--filter a is given twice'],
  },
  {
    name: 'words beside named filters',
    command: hookc,
    args: ['--filter', 'a=tcp', 'port', '80'],
    says: ["a filter without a name, 'port 80'", 'the shell needs the quotes'],
  },
  {
    name: 'an error in one of several filters',
    command: hookc,
    args: ['--emit', 'c', '--filter', 'a=tcp', '--filter', 'b=tcp prot 80'],
    says: ["b:1:5: error: unknown word 'prot'"],
  },
  {
    name: 'a target that there is not',
    command: hookc,
    args: ['--emit', 'c', '--target-arch', 'mips', 'ip'],
    says: ['--target-arch mips is not known', 'x86_64, arm64, bpfel or bpfeb'],
  },
  {
    name: 'a target for what has none',
    command: hookc,
    args: ['--target-arch', 'arm64', 'ip'],
    says: ['--target-arch has no meaning for cbpf', 'add --emit c'],
  },
  {
    name: 'a form of code for what has none',
    command: hookc,
    args: ['--branch-free', 'ip'],
    says: ['--branch-free has no meaning for cbpf', 'add --emit c'],
  },
  {
    name: 'a byte order where a processor is needed',
    command: hookc,
    args: ['--hook', 'kprobe:ip_rcv', '--emit', 'c', '--target-arch', 'bpfel', 'ip'],
    says: ['kprobe reads the registers', 'write --target-arch x86_64 or arm64'],
  },
  {
    name: 'a hook for what has none',
    command: hookc,
    args: ['--hook', 'xdp', '-d', 'ip'],
    says: ['--hook has no meaning for cbpf'],
  },
  {
    name: 'no hook, for what has none',
    command: hookc,
    args: ['--hook', 'kprob:ip_rcv', 'tcp'],
    says: ["unknown kind of hook 'kprob'", "did you mean 'kprobe'?"],
  },
  {
    name: 'a uprobe without a function',
    command: hookc,
    args: ['--hook', 'uprobe:/bin/sh', '--emit', 'c', 'ip'],
    says: ["'/bin' is a folder", 'write uprobe:BINARY/SYMBOL'],
  },
  {
    name: 'a form of classic BPF for what is none',
    command: hookc,
    args: ['-d', '--emit', 'ir', 'ip'],
    says: ['-d is a form of classic BPF, and has no meaning for ir'],
  },
  ...[
    ['xdp:eth0', 'xdp:eth1', 'hookdump_xdp', 'the object is for any device'],
    ['tc:ingress', 'tc:eth0/ingress', 'hookdump_ingress', 'the object is for any device'],
    ['fentry:ip_rcv', 'fexit:ip_rcv', 'on_ip_rcv', 'compile one at a time'],
  ].map(
    ([first, second, program, hint]): Case => ({
      name: `${first} and ${second} in one object`,
      command: hookc,
      args: ['--hook', first!, '--hook', second!, '--emit', 'c', 'ip'],
      says: [`${first} and ${second} are the same program in an object, ${program}`, hint!],
    }),
  ),
  {
    name: 'packets and a filter of standard input',
    command: hookc,
    args: ['--test', '-', '-F', '-'],
    says: ['standard input cannot be both'],
  },
  {
    name: "tcpdump's -n",
    command: hookc,
    args: ['-n', '-d', 'ip'],
    says: ['-n is not supported: hookc only compiles'],
  },
  {
    name: "an interface's name in classic BPF",
    command: hookc,
    args: ['--linux', 'ifname eth0'],
    says: ['classic BPF cannot ask for the name of an interface', '--emit c'],
  },
  {
    name: "an interface's name in a file's packets",
    command: hookc,
    args: ['ifname eth0'],
    says: ["filter:1:1: error: 'ifname' is for link type PFLOG", "('--linux')"],
  },
  {
    name: "an interface's name that is too long",
    command: hookc,
    args: ['--emit', 'c', 'on averylonginterface'],
    says: ["filter:1:4: error: 'averylonginterface' is longer than the 15 bytes"],
  },
  {
    name: "an interface's name in a template",
    command: hookc,
    args: [
      '--template',
      new URL('../../docs/examples/bpf/drop.bpf.c', import.meta.url).pathname,
    ].concat(['--hook', 'xdp', 'ifname eth0']),
    says: ["'ifname' cannot be asked for in a program of somebody else"],
  },
  {
    name: 'packets and a form',
    command: hookc,
    args: ['--test', 'x.pcap', '--emit', 'c', 'ip'],
    says: ['--test and --emit do not go together'],
  },
  {
    name: 'packets and a link type',
    command: hookc,
    args: ['--test', 'x.pcap', '-y', 'RAW', 'ip'],
    says: ['--test and -y do not go together', 'the file says'],
  },
  {
    name: 'no file of packets',
    command: hookc,
    args: ['--test', '/nonexistent.pcap', 'ip'],
    says: ["the capture file /nonexistent.pcap can't be read", 'no such file'],
  },
  {
    name: 'a folder of packets',
    command: hookc,
    args: ['--test', '/tmp', 'ip'],
    says: ["the capture file /tmp can't be read", 'directory'],
  },
  {
    name: 'a file that holds no packets',
    command: hookc,
    args: ['--test', '/etc/passwd', 'ip'],
    says: ['neither a pcapng nor a pcap file'],
  },
  {
    name: 'a program that is not there',
    command: hookc,
    args: ['--from-classic', '/nonexistent'],
    says: ["hookc: the program file can't be read", 'no such file'],
  },
  {
    name: 'a program and a filter file',
    command: hookc,
    args: ['--from-classic', 'x', '-F', 'y'],
    says: ['--from-classic and -F do not go together'],
  },
  ...[['--emit', 'ir'], ['-d'], ['-ddd']].map(
    (form): Case => ({
      name: `an unknown link type for a program, ${form.join(' ')}`,
      command: hookc,
      args: ['--from-classic', given('all.ddd'), '-y', 'NOPE', ...form],
      says: ["error: no filter can be compiled for link type 'NOPE'", "'hookc -L' lists"],
    }),
  ),
  {
    name: 'an object that is not there',
    command: hookc,
    args: ['inspect', '/nonexistent'],
    says: ["the object can't be read", 'no such file'],
  },
  {
    name: 'an object that is none',
    command: hookc,
    args: ['inspect', '/etc/passwd'],
    says: ['/etc/passwd is no BPF object: it is no ELF object'],
  },
  {
    name: 'an object for another machine',
    command: hookc,
    args: ['inspect', process.execPath],
    says: ['it is an ELF file, but not for BPF'],
  },
  {
    name: 'nothing to inspect',
    command: hookc,
    args: ['inspect'],
    says: ['the path of one object'],
  },
  {
    name: 'a template without a hook',
    command: hookc,
    args: ['--template', '/etc/hostname', 'ip'],
    says: ['--template needs to know the one kind', '--hook xdp or --hook tc'],
  },
  {
    name: 'a template for a hook without programs',
    command: hookc,
    args: ['--template', '/etc/hostname', '--hook', 'tp_btf:net_dev_queue', 'ip'],
    says: ['not tp_btf:net_dev_queue', '--hook xdp or --hook tc'],
  },
  {
    name: 'a template that is not there',
    command: hookc,
    args: ['--template', '/nonexistent.c', '--hook', 'xdp', 'ip'],
    says: ["the template can't be read", 'no such file'],
  },
  {
    name: 'a template without a place for the filter',
    command: hookc,
    args: ['--template', '/etc/hostname', '--hook', 'xdp', 'ip'],
    says: ['has no line #include "hookdump.h"', 'call filter(context)'],
  },
  {
    name: 'a template that shows no classic BPF',
    command: hookc,
    args: ['--template', 'x.c', '--hook', 'xdp', '--emit', 'ir', 'ip'],
    says: ['--template has no meaning for ir'],
  },
];
