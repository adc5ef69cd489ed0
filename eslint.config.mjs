import js from '@eslint/js';
import prettier from 'eslint-plugin-prettier/recommended';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'lib/',
      'build/',
      'node_modules/',
      'coverage/',
      '.venv/',
      'src/api/schema.ts',
      'server-ext/',
      'test-results/',
      'demo/'
    ]
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      // A token and the interface that it stands for share a name.
      '@typescript-eslint/no-redeclare': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_' }
      ],
      curly: ['error', 'all'],
      eqeqeq: 'error'
    }
  },
  {
    files: ['scripts/**', 'ui-tests/**', 'bench/**', '*.{js,mjs}'],
    languageOptions: { globals: { ...globals.node } }
  },
  {
    // Parts of these run in the page that is measured.
    files: ['bench/**'],
    languageOptions: { globals: { ...globals.browser } }
  },
  {
    files: ['*.js'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' }
  }
);
