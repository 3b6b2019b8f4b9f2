// The part of the table about organizations, workspaces, and the people in them.
import * as contract from '@tollgate/shared/people-contract';
import { changeOrganization, makeOrganization } from './change-organization.ts';
import { eraseUser } from './erase-user.ts';
import { importUsers } from './import-users.ts';
import { closeOrganization, listOrganizations, readOrganization } from './organizations.ts';
import { listPlaces, putPlaceOf, takePlace } from './places.ts';
import { route, type Access, type Route } from './route.ts';
import { listUsers, makeUser, readUser, renameUser } from './users.ts';
import { changeWorkspace, closeWorkspace, listWorkspaces, makeWorkspace, readWorkspace } from './workspaces.ts';

const MANAGERS = ['manage', 'operate'] as const satisfies Access;
const OPERATORS = ['operate'] as const satisfies Access;

export const PEOPLE_ROUTES: readonly Route[] = [...organizationRoutes(), ...workspaceRoutes(), ...placeRoutes(), ...userRoutes()];

function organizationRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/organizations',
      access: OPERATORS,
      about: 'Makes an organization, with a workspace to begin in.',
      body: contract.organizationRequest,
      answer: contract.madeOrganization,
      makes: true,
      versioned: true,
      handle: makeOrganization,
    }),
    route({
      method: 'GET',
      path: '/organizations',
      access: MANAGERS,
      about: "All organizations; with a manage key, the key's own.",
      query: contract.listQuery,
      answer: contract.organizations,
      handle: listOrganizations,
    }),
    route({
      method: 'GET',
      path: '/organizations/{id}',
      access: MANAGERS,
      about: 'An organization: plan, cycle, and what is to come.',
      answer: contract.oneOrganization,
      versioned: true,
      inOrganization: false,
      handle: readOrganization,
    }),
    route({
      method: 'PATCH',
      path: '/organizations/{id}',
      access: MANAGERS,
      about: 'Changes name, time zone, plan, or the limit of extra credits.',
      body: contract.organizationChange,
      answer: contract.oneOrganization,
      versioned: true,
      inOrganization: false,
      handle: changeOrganization,
    }),
    route({
      method: 'DELETE',
      path: '/organizations/{id}',
      access: OPERATORS,
      about: 'Closes an organization: nothing is spent in it any more.',
      answer: contract.oneOrganization,
      versioned: true,
      handle: closeOrganization,
    }),
  ];
}

function workspaceRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/workspaces',
      access: MANAGERS,
      about: 'Makes a workspace, of the team or of one user.',
      body: contract.workspaceRequest,
      answer: contract.madeWorkspace,
      makes: true,
      versioned: true,
      handle: makeWorkspace,
    }),
    route({
      method: 'GET',
      path: '/workspaces',
      access: MANAGERS,
      about: "The organization's workspaces, by name.",
      query: contract.listQuery,
      answer: contract.workspaces,
      handle: listWorkspaces,
    }),
    route({
      method: 'GET',
      path: '/workspaces/{workspace}',
      access: MANAGERS,
      about: 'A workspace.',
      answer: contract.oneWorkspace,
      versioned: true,
      handle: readWorkspace,
    }),
    route({
      method: 'PATCH',
      path: '/workspaces/{workspace}',
      access: MANAGERS,
      about: 'Changes the labels of a workspace.',
      body: contract.workspaceChange,
      answer: contract.oneWorkspace,
      versioned: true,
      handle: changeWorkspace,
    }),
    route({
      method: 'DELETE',
      path: '/workspaces/{workspace}',
      access: MANAGERS,
      about: 'Closes a workspace, where no call is held in it.',
      answer: contract.oneWorkspace,
      versioned: true,
      handle: closeWorkspace,
    }),
  ];
}

function placeRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/workspaces/{workspace}/users',
      access: MANAGERS,
      about: 'Who is in a workspace, with which role.',
      query: contract.listQuery,
      answer: contract.places,
      handle: listPlaces,
    }),
    route({
      method: 'PUT',
      path: '/workspaces/{workspace}/users/{user}',
      access: MANAGERS,
      about: 'Gives a user a place in a workspace, or another role in it.',
      body: contract.placeRequest,
      answer: contract.onePlace,
      makes: true,
      versioned: true,
      handle: putPlaceOf,
    }),
    route({
      method: 'DELETE',
      path: '/workspaces/{workspace}/users/{user}',
      access: MANAGERS,
      about: 'Takes the place away: their keys spend there no more.',
      answer: contract.takenPlace,
      versioned: true,
      handle: takePlace,
    }),
  ];
}

function userRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/users',
      access: MANAGERS,
      about: 'Makes a user.',
      body: contract.userRequest,
      answer: contract.madeUser,
      makes: true,
      versioned: true,
      handle: makeUser,
    }),
    route({
      method: 'POST',
      path: '/users/import',
      access: MANAGERS,
      about: 'Makes many users from CSV with the columns name,email,workspace,role,seat: all of them or none.',
      body: contract.usersCsv,
      takes: 'csv',
      answer: contract.imported,
      makes: true,
      handle: importUsers,
    }),
    route({
      method: 'GET',
      path: '/users',
      access: MANAGERS,
      about: "The organization's users and guests, by id.",
      query: contract.listQuery,
      answer: contract.users,
      handle: listUsers,
    }),
    route({
      method: 'GET',
      path: '/users/{user}',
      access: MANAGERS,
      about: 'A user, with places and seat.',
      answer: contract.oneUser,
      versioned: true,
      handle: readUser,
    }),
    route({
      method: 'PATCH',
      path: '/users/{user}',
      access: MANAGERS,
      about: 'Renames a user.',
      body: contract.userChange,
      answer: contract.oneUser,
      versioned: true,
      handle: renameUser,
    }),
    route({
      method: 'DELETE',
      path: '/users/{user}',
      access: MANAGERS,
      about: 'Erases a user: what they used stays in the sums, the person does not.',
      answer: contract.erased,
      versioned: true,
      handle: eraseUser,
    }),
  ];
}
