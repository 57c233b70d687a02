import { z } from 'zod'

export const modeSetting = z.enum(['off', 'learn', 'monitor', 'enforce'])

/** An entry of `routes`. */
export const routeOverride = z.strictObject({
  match: z
    .string()
    .regex(/^([A-Z]+|\*) \/\S*$/, 'expected a method or * and a path pattern, like "POST /orders/*"')
    .describe(
      'Method and pattern of the route template (/users/{int}) that the entry is for; * stands for one segment, ** for the rest.',
    ),
  mode: modeSetting.optional().describe('Mode of the matching routes.'),
})

/** An entry of `tolerances`. */
export const tolerance = z.strictObject({
  finding: z
    .string()
    .regex(
      /^(?:(?:innate|memory|adaptive|behaviour):\S+|tag:\S+)$/,
      'expected a layer and a source, like "innate:sqli-110", or a tag of rules, like "tag:sql"',
    )
    .describe('What is tolerated: a rule (innate:sqli-110), or all rules with a tag (tag:sql).'),
  service: z.string().min(1).default('*').describe('Service that it counts for; * for any.'),
  method: z
    .string()
    .regex(/^(?:[A-Z]+|\*)$/, 'expected a method in capitals, or *')
    .default('*')
    .describe('Method that it counts for; * for any.'),
  route: z
    .string()
    .startsWith('/')
    .default('/**')
    .describe('Route template that it counts for (/users/{int}); * stands for one segment, ** for any number.'),
  field: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Field that it counts for, such as query:page or json:/items/*; null for all of the route.'),
  until: z.iso
    .date()
    .describe('Last day that it counts, in UTC, like 2027-03-31; afterwards what it covered acts again.'),
  reason: z.string().trim().min(1).max(500).describe('Why, for those who come after you.'),
})
