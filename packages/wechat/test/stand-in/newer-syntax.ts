import { parseSync, Visitor } from "rolldown/utils";

/** What of a script or module is no syntax of ES2018, as text; the other rules of the language are the parser's. */
export function newerSyntax(code: string): readonly string[] {
  const found = new Set<string>();
  const { program, errors } = parseSync("bundle.js", code);
  for (const { message } of errors) found.add(message);
  const isOperator = ({ operator }: { operator: string }): void => {
    if (/^(?:\?\?|\?\?=|\|\|=|&&=)$/.test(operator)) found.add(operator);
  };
  new Visitor({
    ChainExpression: () => void found.add("?."),
    LogicalExpression: isOperator,
    AssignmentExpression: isOperator,
    PrivateIdentifier: ({ name }) => void found.add(`#${name}`),
    PropertyDefinition: () => void found.add("class field"),
    AccessorProperty: () => void found.add("class accessor"),
    StaticBlock: () => void found.add("static block"),
    Decorator: () => void found.add("decorator"),
    CatchClause: ({ param }) => void (param === null && found.add("catch without a name")),
    ImportExpression: () => void found.add("import()"),
    MetaProperty: ({ meta }) => void (meta.name === "import" && found.add("import.meta")),
    ExportAllDeclaration: ({ exported }) => void (exported !== null && found.add("export * as")),
    Literal(node) {
      if ("bigint" in node) found.add("big integer");
      if ("regex" in node && /[dv]/.test(node.regex.flags)) found.add(`flag ${node.regex.flags}`);
      if (typeof node.value === "number" && node.raw?.includes("_") === true) found.add("digits apart");
    },
  }).visit(program);
  return [...found];
}
