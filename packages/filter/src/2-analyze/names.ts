import type { Expression, TypeWord } from '../ast/types.ts';
import { services } from '../tables/services.ts';

/** Names in a filter that somebody must look up before it can be compiled. */
export interface NeededNames {
  readonly hosts: readonly string[];
  readonly networks: readonly string[];
  readonly ports: readonly string[];
}

/** What a resolver found; names that are absent are unknown. */
export interface ResolvedNames {
  /** IPv4 addresses as 32-bit numbers, IPv6 addresses as four words, most significant first. */
  readonly hosts?: ReadonlyMap<
    string,
    { readonly ipv4: readonly number[]; readonly ipv6: readonly (readonly number[])[] }
  >;
  /** Networks as in networks(5): the number without trailing zero bytes, 10 for 10.0.0.0. */
  readonly networks?: ReadonlyMap<string, number>;
  /** Ports as in services(5). */
  readonly ports?: ReadonlyMap<string, { readonly tcp?: number; readonly udp?: number }>;
}

/** A port by name: what the caller resolved, else the built-in table. */
export function lookUpPort(
  name: string,
  names: ResolvedNames,
): { readonly tcp?: number; readonly udp?: number } | undefined {
  return names.ports?.get(name) ?? (Object.hasOwn(services, name) ? services[name] : undefined);
}

/** The names that compiling this AST will ask for, each once. */
export function collectNames(ast: Expression | undefined): NeededNames {
  const found = { hosts: new Set<string>(), networks: new Set<string>(), ports: new Set<string>() };
  if (ast !== undefined) visit(ast, undefined);
  return { hosts: [...found.hosts], networks: [...found.networks], ports: [...found.ports] };

  /** Returns the type that an identifier behind this expression inherits. */
  function visit(expression: Expression, type: TypeWord | undefined): TypeWord | undefined {
    switch (expression.kind) {
      case 'chain':
        return expression.rest.reduce(
          (inherited, { operand }) => visit(operand, inherited),
          visit(expression.first, type),
        );
      case 'not':
        return visit(expression.operand, type);
      case 'group':
        visit(expression.inner, type);
        return type;
      case 'primitive': {
        const own = expression.qualifiers.type ?? 'host';
        visit(expression.ids, own);
        return own;
      }
      case 'bare':
        if (expression.id.kind === 'name') add(expression.id.text, type);
        return type;
      default:
        return undefined;
    }
  }

  function add(name: string, type: TypeWord | undefined): void {
    if (type === 'host') found.hosts.add(name);
    else if (type === 'net') found.networks.add(name);
    else if (type === 'port') found.ports.add(name);
    else if (type === 'portrange') {
      for (const end of name.split('-')) if (!/^[0-9]+$/.test(end)) found.ports.add(end);
    }
  }
}
