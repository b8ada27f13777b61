import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  type GraphQLField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graph/schema.ts';

type Place = [where: string, description: string | null | undefined];
const place = (where: string, { description }: { description?: string | null }): Place => [where, description];
const isField = (part: object): part is GraphQLField<unknown, unknown> => 'args' in part;

/** What has a description: the types, and everything in them, each by its place in the schema. */
function described(type: GraphQLNamedType): Place[] {
  const inside =
    isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
      ? Object.values(type.getFields())
      : isEnumType(type)
        ? type.getValues()
        : [];
  return [
    place(type.name, type),
    ...inside.flatMap((part) => [
      place(`${type.name}.${part.name}`, part),
      ...(isField(part) ? part.args : []).map((arg) => place(`${type.name}.${part.name}(${arg.name}:)`, arg)),
    ]),
  ];
}

const places = Object.values(schema.getTypeMap())
  .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
  .flatMap(described);

test('every type, field, argument, input field and enum value has a description', () => {
  expect(places.length).toBeGreaterThan(500);
  expect(places.filter(([, description]) => !description?.trim()).map(([place]) => place)).toEqual([]);
});

test('descriptions are sentences', () => {
  const odd = places.filter(([, text]) => !/^[A-Z0-9"`'].*[.!?)]$/s.test(text ?? '') || /\bA [AEIO]/.test(text ?? ''));
  // these begin with a key word of the language, which has no capital
  expect(odd.filter(([, text]) => !/^(true|false|null):/.test(text ?? ''))).toEqual([]);
});

test('nothing is deprecated without the day of its removal', () => {
  const reasons = Object.values(schema.getTypeMap())
    .flatMap((type) =>
      isObjectType(type) || isInputObjectType(type)
        ? Object.values(type.getFields())
        : isEnumType(type)
          ? type.getValues()
          : [],
    )
    .map(({ deprecationReason }) => deprecationReason)
    .filter((reason) => reason != null);
  for (const reason of reasons) expect(reason).toMatch(/ Removal on \d{4}-\d\d-\d\d\.$/);
});

test('schema.graphql is the schema as it is printed, sorted (npm run schema writes it)', async () => {
  const file = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
  expect(file).toBe(`${printSchema(schema)}\n`);
  expect(printSchema(lexicographicSortSchema(schema))).toBe(printSchema(schema));
});

test('there is one copy of graphql, for us and for all libraries', async () => {
  const ours = createRequire(import.meta.url);
  const copy = ours.resolve('graphql');
  for (const library of ['graphql-yoga', '@pothos/core', '@pothos/plugin-relay', '@pothos/plugin-scope-auth']) {
    expect(createRequire(ours.resolve(library)).resolve('graphql'), library).toBe(copy);
  }
  const lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8'));
  expect(Object.keys(lock.packages).filter((path) => path.endsWith('node_modules/graphql'))).toEqual([
    'node_modules/graphql',
  ]);
  // the schema that libraries made is an instance of the class that we import
  expect(schema).toBeInstanceOf((ours('graphql') as typeof import('graphql')).GraphQLSchema);
});
