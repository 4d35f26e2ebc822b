// The page's script. Everything happens in the browser: the package needs nothing of Node.
import { compile, linkTypes, printAssembly, renderDiagnostic, toClassic } from '@hookdump/filter';

const form = document.querySelector('form');
const { filter, linkType } = form.elements;
const result = document.querySelector('output');

for (const [name, { description }] of Object.entries(linkTypes)) {
  linkType.add(new Option(`${name}: ${description}`, name));
}
const asked = new URLSearchParams(location.search);
filter.value = asked.get('filter') ?? 'tcp port 80 and host 10.0.0.1';
linkType.value = asked.get('linkType') ?? 'EN10MB';

function show() {
  const text = filter.value;
  const compiled = compile(text, { linkType: linkType.value });
  const told = compiled.ok ? compiled.warnings : compiled.diagnostics;
  result.className = compiled.ok ? 'program' : 'errors';
  result.textContent = [
    ...told.map((each) => renderDiagnostic(each, text)),
    ...(compiled.ok ? [printAssembly(toClassic(compiled.program))] : []),
  ].join('\n');
}

form.addEventListener('input', show);
show();
