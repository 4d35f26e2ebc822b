// The parser alone: no link type, no program. Tells what a filter says, in canonical spelling and in
// English, and which addresses, networks and ports it speaks of.
//
//     node parser-alone.mjs 'tcp port 80 and not (host 10.0.0.1 || host ::1)'
import { explain, format, parse, renderDiagnostic } from '@hookdump/filter';

const text = process.argv.slice(2).join(' ');
const { ast, diagnostics } = parse(text);

for (const each of diagnostics) console.error(renderDiagnostic(each, text));
if (diagnostics.length > 0) process.exit(1);

console.log(format(ast));
console.log();
console.log(explain(ast));
console.log();
for (const [type, identifiers] of mentioned(ast)) {
  console.log(`${type}: ${[...identifiers].join(', ')}`);
}

/**
 * What stands behind `host`, `port` and so on, by that word. The AST is plain data, so that a walk
 * is a switch over `kind`; an identifier on its own has the type of the primitive before it.
 */
function mentioned(root) {
  const found = new Map();
  if (root !== undefined) visit(root, 'host');
  return found;

  function visit(node, type) {
    switch (node.kind) {
      case 'chain':
        return node.rest.reduce(
          (inherited, { operand }) => visit(operand, inherited),
          visit(node.first, type),
        );
      case 'not':
        return visit(node.operand, type);
      case 'group':
        visit(node.inner, type);
        return type;
      case 'primitive':
        return visit(node.ids, node.qualifiers.type ?? 'host');
      case 'bare':
        found.set(type, (found.get(type) ?? new Set()).add(node.id.text));
        return type;
      default:
        return type;
    }
  }
}
