import type { GraphQLSchema } from 'graphql';
import './root.ts';
import '../directory/directory.graph.ts';
import { builder } from './builder.ts';

/** The whole graph; every feature adds its part when it is imported above. */
export const schema: GraphQLSchema = builder.toSchema({ sortSchema: true });
