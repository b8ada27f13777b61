import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Lexer,
  parse,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';
import type { Limits } from '../config.ts';

// brackets in brackets, in documents and in JSON alike: parser and coercion call themselves for each, and 1,500 fill the stack.
// Real ones stay under 40
export const MAX_NESTING = 100;
// validation and execution call themselves for each fragment that spreads the next one, and 3,000 fill the stack.
// (What comparing fields of the same name costs is metered by graphql-js itself.)
const MAX_DEFINITIONS = 1_000;

const refused = (message: string) =>
  // spec: whoever accepts application/json alone gets 200, as the GraphQL over HTTP specification wants it
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { spec: true, status: 400 } } });

/** Parses a document that stays within the limits; throws a GraphQLError for syntax, and one that names the limit passed. */
export function parseWithin(limits: Limits, source: string | Source): DocumentNode {
  checkTokens(limits, typeof source === 'string' ? new Source(source) : source);
  const document = parse(source);
  checkShape(limits, document);
  return document;
}

/** Goes over the text once before it is parsed: no call stack grows with it. */
function checkTokens(limits: Limits, source: Source): void {
  const lexer = new Lexer(source);
  let nesting = 0;
  for (let count = 1; lexer.advance().kind !== TokenKind.EOF; count += 1) {
    if (count > limits.tokens) throw refused(`The document has more than ${limits.tokens} tokens.`);
    switch (lexer.token.kind) {
      case TokenKind.BRACE_L:
      case TokenKind.BRACKET_L:
      case TokenKind.PAREN_L:
        nesting += 1;
        if (nesting > MAX_NESTING)
          throw refused(`The document has more than ${MAX_NESTING} brackets inside each other.`);
        break;
      case TokenKind.BRACE_R:
      case TokenKind.BRACKET_R:
      case TokenKind.PAREN_R:
        nesting -= 1;
    }
  }
}

/** What an operation unfolds to when its fragments are put in. */
interface Shape {
  depth: number;
  aliases: number;
  directives: number;
}

const FLAT: Shape = { depth: 0, aliases: 0, directives: 0 };

function checkShape(limits: Limits, document: DocumentNode): void {
  if (document.definitions.length > MAX_DEFINITIONS) {
    throw refused(`The document has more than ${MAX_DEFINITIONS} operations and fragments.`);
  }
  const fragments = new Map<string, FragmentDefinitionNode>();
  const measured = new Map<string, Shape>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }

  const measure = (set: SelectionSetNode | undefined): Shape => {
    const shape = { ...FLAT };
    for (const selection of set?.selections ?? []) {
      const inside =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? measureFragment(selection.name.value)
          : measure(selection.selectionSet);
      const isField = selection.kind === Kind.FIELD;
      shape.depth = Math.max(shape.depth, inside.depth + (isField ? 1 : 0));
      shape.aliases += inside.aliases + (isField && selection.alias ? 1 : 0);
      shape.directives += inside.directives + (selection.directives?.length ?? 0);
    }
    return shape;
  };

  const measureFragment = (name: string): Shape => {
    const before = measured.get(name);
    if (before) return before;
    // one that spreads itself is refused by validation; here it must only come to an end
    measured.set(name, FLAT);
    const shape = measure(fragments.get(name)?.selectionSet);
    measured.set(name, shape);
    return shape;
  };

  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) measureFragment(definition.name.value);
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, aliases, directives } = measure(definition.selectionSet);
    if (depth > limits.depth)
      throw refused(`The operation is ${depth} fields deep; at most ${limits.depth} are allowed.`);
    if (aliases > limits.aliases)
      throw refused(`The operation has ${aliases} aliases; at most ${limits.aliases} are allowed.`);
    const used = directives + (definition.directives?.length ?? 0);
    if (used > limits.directives)
      throw refused(`The operation has ${used} directives; at most ${limits.directives} are allowed.`);
  }
}

/** Refuses JSON with more brackets inside each other than coercion can follow; no call stack grows with it. */
export function checkNesting(json: unknown, what: string): void {
  let level = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_NESTING) throw refused(`${what}: more than ${MAX_NESTING} brackets inside each other.`);
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
}
