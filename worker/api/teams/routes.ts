import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { page } from '../../contract/error.ts'
import { TeamId, UserId } from '../../contract/id.ts'
import { CreateTeamRequest, RenameTeamRequest, Team, TeamListQuery, TeamWithMembers } from '../../contract/team.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Teams']
const params = z.strictObject({ teamId: TeamId })
const place = z.strictObject({ teamId: TeamId, userId: UserId })

export const listTeamsRoute = createRoute({
  operationId: 'listTeams',
  method: 'get',
  path: '/teams',
  tags,
  summary: 'List teams',
  description:
    'The teams that the caller is in; all of the organization’s for those who see all of it. With `member` only those of them that this member is in.',
  request: { query: TeamListQuery },
  responses: { 200: json(page(Team), 'The teams, by name.'), ...errors() },
})

export const createTeamRoute = createRoute({
  operationId: 'createTeam',
  method: 'post',
  path: '/teams',
  tags,
  summary: 'Create a team',
  description: 'Nobody is in it yet. Its name is unique within the organization, whatever its case.',
  request: { body: jsonBody(CreateTeamRequest) },
  responses: { 201: json(TeamWithMembers, 'The new team.'), ...errors('team.exists', 'team.too_many') },
})

export const getTeamRoute = createRoute({
  operationId: 'getTeam',
  method: 'get',
  path: '/teams/{teamId}',
  tags,
  summary: 'Read a team',
  description: 'With everybody who is in it.',
  request: { params },
  responses: { 200: json(TeamWithMembers, 'The team.'), ...errors('team.not_found') },
})

export const renameTeamRoute = createRoute({
  operationId: 'renameTeam',
  method: 'patch',
  path: '/teams/{teamId}',
  tags,
  summary: 'Rename a team',
  request: { params, body: jsonBody(RenameTeamRequest) },
  responses: { 200: json(Team, 'The team as it is now.'), ...errors('team.not_found', 'team.exists') },
})

export const deleteTeamRoute = createRoute({
  operationId: 'deleteTeam',
  method: 'delete',
  path: '/teams/{teamId}',
  tags,
  summary: 'Delete a team',
  description:
    'Nothing that its members made is lost or changed. What they share with their teams is seen by the other teams that they are in; where there is none, by whoever made it alone, and by those who see more.',
  request: { params },
  responses: { 200: json(Team, 'The team as it was.'), ...errors('team.not_found') },
})

export const addTeamMemberRoute = createRoute({
  operationId: 'addTeamMember',
  method: 'put',
  path: '/teams/{teamId}/members/{userId}',
  tags,
  summary: 'Put a member into a team',
  description: 'From their next request on they see what is shared with it. Who is in it already stays.',
  request: { params: place },
  responses: { 200: json(TeamWithMembers, 'The team as it is now.'), ...errors('team.not_found', 'member.not_found') },
})

export const removeTeamMemberRoute = createRoute({
  operationId: 'removeTeamMember',
  method: 'delete',
  path: '/teams/{teamId}/members/{userId}',
  tags,
  summary: 'Take a member out of a team, or leave it',
  description:
    'Whoever signed in may leave by their own id; anybody else is taken out by those who manage members. What they made stays; the team sees nothing of it any more that is shared with teams only. Who is not in it stays out.',
  request: { params: place },
  responses: { 200: json(TeamWithMembers, 'The team as it is now.'), ...errors('team.not_found', 'member.not_found') },
})
