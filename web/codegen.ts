import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: ['src/**/*.ts', '!src/gql/**'],
  ignoreNoDocuments: true,
  generates: {
    './src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: {
          TimePoint: 'string',
          KQL: 'string',
          BigInt: 'string',
          JSON: 'unknown',
          ServiceGraphColumns: '../api/columns#ServiceGraphColumns',
          GraphComparisonColumns: '../api/columns#GraphComparisonColumns',
          EdgeFigureColumns: '../api/edge-figures#EdgeFigureColumns',
          AggregateColumns: '../api/aggregates#AggregateColumns',
        },
      },
    },
  },
};

export default config;
