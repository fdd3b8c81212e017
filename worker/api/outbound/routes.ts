import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { page } from '../../contract/error.ts'
import {
  OutboundHost,
  OutboundPattern,
  OutboundRule,
  OutboundTrouble,
  SetOutboundRuleRequest,
} from '../../contract/outbound.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Outgoing calls']
const params = z.strictObject({ host: OutboundHost })
const pattern = z.strictObject({ host: OutboundPattern })
const named = z.strictObject({ host: z.string().describe('The host or the pattern, as the list gives it.') })

export const listOutboundRulesRoute = createRoute({
  operationId: 'listOutboundRules',
  method: 'get',
  path: '/outbound-rules',
  tags,
  summary: 'List rules for hosts',
  description: 'How fast hosts are called, and which are called however often they fail.',
  responses: { 200: json(page(OutboundRule), 'The rules, by host.'), ...errors() },
})

export const setOutboundRuleRoute = createRoute({
  operationId: 'setOutboundRule',
  method: 'put',
  path: '/outbound-rules',
  tags,
  summary: 'Say how a host is called',
  description:
    'Holds for the calls of all workflows within ten seconds. Calls over the limit wait for their turn. A rule for ' +
    '`*.example.com` is for each host below that name, with a limit of its own for each; the most specific rule of a host holds.',
  request: { body: jsonBody(SetOutboundRuleRequest) },
  responses: { 200: json(OutboundRule, 'The rule.'), ...errors('outbound_rule.too_many') },
})

export const removeOutboundRuleRoute = createRoute({
  operationId: 'removeOutboundRule',
  method: 'delete',
  path: '/outbound-rules/{host}',
  tags,
  summary: 'Remove the rule for a host',
  request: { params: pattern },
  responses: { 200: json(named, 'It has no rule any more.'), ...errors('outbound_rule.not_found') },
})

export const listOutboundTroublesRoute = createRoute({
  operationId: 'listOutboundTroubles',
  method: 'get',
  path: '/outbound-troubles',
  tags,
  summary: 'List hosts in trouble',
  description: 'Hosts from which calls are held back because too many failed, since when, why and until when.',
  responses: { 200: json(page(OutboundTrouble), 'The hosts, the longest troubled first.'), ...errors() },
})

export const closeBreakerRoute = createRoute({
  operationId: 'closeBreaker',
  method: 'delete',
  path: '/outbound-troubles/{host}',
  tags,
  summary: 'Call a host again',
  description: 'Closes its circuit breaker at once. Steps that wait for it go on within seconds.',
  request: { params },
  responses: { 200: json(named, 'Calls are let through.'), ...errors('breaker.not_open') },
})
