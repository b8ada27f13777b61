import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  GraphQLScalarType,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type SourceLocation,
  type VariableDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { follow } from '../database/loader.ts';

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** How an operation was met so far: how often, and how it is run since that was worth it. */
interface Met {
  times: number;
  run?: Execute;
}

// making code of a document takes as long as running it some ten times: what is asked once is not worth it
const WORTH = 3;
// fields of an operation with its fragments unfolded: each costs 0.1 ms to compile, and what is under an interface more
const MAX_FIELDS = 300;

/**
 * Executes operations as graphql-js does; one that comes again and again is made into code of its own (graphql-jit), which takes
 * a fifth of the time for a page of items. `schemaForCode` is that of finishForCode. What cannot be compiled stays with graphql-js.
 * Goes by the identity of an operation in its document, as the parser's cache keeps them.
 */
export function createExecutor(schemaForCode: GraphQLSchema, worth = WORTH): Execute {
  const known = new WeakMap<OperationDefinitionNode, Met>();
  return (args) => {
    const operation = getOperationAST(args.document, args.operationName);
    if (!operation) return execute(args) as ReturnType<Execute>;
    const met = known.get(operation) ?? { times: 0 };
    known.set(operation, met);
    met.times += 1;
    if (met.times >= worth) met.run ??= compiled(args, operation, schemaForCode);
    return (met.run ?? (execute as Execute))(args);
  };
}

function compiled(
  { schema, document, operationName }: ExecutionArgs,
  operation: OperationDefinitionNode,
  schemaForCode: GraphQLSchema,
): Execute {
  if (fieldsOf(document, operation) > MAX_FIELDS) return execute as Execute;
  const code = compileQuery(
    withGiven(schemaForCode),
    withGivenVariables(document, operation),
    operationName ?? undefined,
    // strings, numbers and booleans are what the types of our rows say: looking at each once more takes a fifth of a page
    { disableLeafSerialization: true },
  );
  if (!isCompiledQuery(code)) return execute as Execute;
  return (args) => {
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], args.variableValues ?? {});
    // graphql-js says what is wrong with them
    if (!coerced) return execute(args) as ExecutionResult;
    return follow(code.query(args.rootValue, args.contextValue, coerced), withOwnErrors(document));
  };
}

/** How many fields an operation has, its fragments unfolded wherever they are spread; not counted on past the limit. */
function fieldsOf(document: DocumentNode, operation: OperationDefinitionNode): number {
  let fields = 0;
  const count = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (fields > MAX_FIELDS) return;
      if (selection.kind === Kind.FIELD) fields += 1;
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? document.definitions.find(
              (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === selection.name.value,
            )
          : selection;
      if (inner && 'selectionSet' in inner && inner.selectionSet) count(inner.selectionSet);
    }
  };
  count(operation.selectionSet);
  return fields;
}

/**
 * Variables are read by graphql-js, and the code takes their values as they are. Its own reading is code for each way through an
 * input object: for ItemFilter, which has filters in it, it took 20 s to make.
 */
const GIVEN = new GraphQLScalarType({ name: 'Given' });

const withGiven = (schema: GraphQLSchema): GraphQLSchema =>
  Object.create(schema, {
    getType: { value: (name: string) => (name === GIVEN.name ? GIVEN : schema.getType(name)) },
  });

const withGivenVariables = (document: DocumentNode, operation: OperationDefinitionNode): DocumentNode => ({
  ...document,
  definitions: document.definitions.map((definition) =>
    definition === operation
      ? { ...operation, variableDefinitions: operation.variableDefinitions?.map(given) }
      : definition,
  ),
});

const given = (definition: VariableDefinitionNode): VariableDefinitionNode => ({
  ...definition,
  type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: GIVEN.name } },
  defaultValue: undefined,
});

/** The code makes errors that only look like those of graphql-js. */
const withOwnErrors =
  (document: DocumentNode) =>
  (result: ExecutionResult): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map((error) => asOwn(document, error)) } : result;

function asOwn({ loc }: DocumentNode, { message, path, locations, originalError }: GraphQLError): GraphQLError {
  const positions = loc && locations?.map((location) => positionOf(loc.source.body, location));
  return new GraphQLError(message, { source: loc?.source, positions, path, originalError });
}

/** Where a line and a column, both counted from 1, are in a text. */
function positionOf(text: string, { line, column }: SourceLocation): number {
  const ends = text.matchAll(/\r\n|[\n\r]/g);
  const start = line === 1 ? 0 : [...ends].slice(line - 2, line - 1).map((end) => end.index + end[0].length)[0]!;
  return start + column - 1;
}
