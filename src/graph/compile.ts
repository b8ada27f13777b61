import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  getVariableValues,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { follow } from '../database/loader.ts';

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** How a document was met so far: how often, and each of its operations as code. */
interface Met {
  times: number;
  compiled: Map<string, Execute>;
}

// making code of a document takes as long as running it some ten times: what is asked once is not worth it
const WORTH = 3;

/**
 * Executes operations as graphql-js does; one that comes again and again is made into code of its own (graphql-jit), which takes
 * a fifth of the time for a page of items. What cannot be compiled stays with graphql-js. Goes by the identity of documents, as the
 * parser's cache keeps them.
 */
export function createExecutor(worth = WORTH): Execute {
  const documents = new WeakMap<DocumentNode, Met>();
  return (args) => {
    const met = documents.get(args.document) ?? { times: 0, compiled: new Map() };
    documents.set(args.document, met);
    met.times += 1;
    if (met.times < worth) return execute(args) as ReturnType<Execute>;
    const operation = args.operationName ?? '';
    let run = met.compiled.get(operation);
    if (!run) {
      run = compiled(args);
      met.compiled.set(operation, run);
    }
    return run(args);
  };
}

function compiled({ schema, document, operationName }: ExecutionArgs): Execute {
  // as graphql-js, which fails when a resolver of a type or a guard does, and not the process
  const code = compileQuery(schema, document, operationName ?? undefined, { disablingCapturingStackErrors: true });
  if (!isCompiledQuery(code)) return execute as Execute;
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  return (args) => {
    // graphql-js names what is wrong with a variable; the code does so in words of its own
    const { errors } = getVariableValues(schema, definitions, args.variableValues ?? {});
    if (errors) return execute(args) as ExecutionResult;
    return follow(code.query(args.rootValue, args.contextValue, args.variableValues), withOwnErrors);
  };
}

/** The code makes errors that only look like those of graphql-js. */
const withOwnErrors = (result: ExecutionResult): ExecutionResult =>
  result.errors ? { ...result, errors: result.errors.map(asOwn) } : result;

const asOwn = ({ message, path, locations, originalError }: GraphQLError): GraphQLError =>
  Object.assign(new GraphQLError(message, { path, originalError }), { locations });
