/** An API of our own, for tests: every way to show an example that is read. */
export const shop = `
# comments before the version are fine
openapi: 3.0.3
info: { title: Shop, version: '1' }
servers:
  - url: https://{region}.shop.example/v1/
    variables: { region: { default: eu } }
paths:
  /orders:
    parameters:
      - $ref: '#/components/parameters/Page'
    get:
      parameters:
        - { name: sort, in: query, schema: { type: string, enum: [price, name, date] } }
        - { name: tags, in: query, explode: false, schema: { type: array, items: { type: string, example: red } } }
        - { name: filter, in: query, style: deepObject, example: { state: open } }
        - { name: X-Tenant, in: header, required: true, schema: { type: string, default: acme } }
        - { name: theme, in: cookie, examples: { one: { value: dark }, two: { value: 'light blue' } } }
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Order' }
            example: { sku: A-100, note: 'two, please' }
          application/x-www-form-urlencoded:
            example: { sku: 'B 200' }
          multipart/form-data:
            example: { sku: C-300 }
          application/xml: {}
  /orders/{id}:
    get:
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer, minimum: 5, maximum: 9 } }
        - { name: code, in: query, schema: { type: string, pattern: '^[a-z]{3}$' } }
        - { name: since, in: query, schema: { type: string, format: date } }
  /far:
    get:
      parameters: [{ $ref: 'other.yaml#/x' }]
  /loop:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Tree' } } } }
components:
  parameters:
    Page: { name: page, in: query, schema: { type: integer, example: 2 } }
  schemas:
    Order:
      type: object
      required: [sku]
      properties:
        id: { type: string, readOnly: true, example: never-sent }
        sku: { type: string }
        state: { type: string, enum: [new, paid] }
        note: { type: string }
    Tree:
      type: object
      properties:
        name: { type: string, example: oak }
        child: { $ref: '#/components/schemas/Tree' }
`
