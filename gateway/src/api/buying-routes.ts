// The part of the table about buying: orders, the saved payment method, auto-purchase and extra credits.
import * as buying from '@tollgate/shared/buying-contract';
import { changeAutoPurchase, endAutoPurchase, readAutoPurchase } from './auto-purchase.ts';
import { readExtra } from './extra.ts';
import { confirmOrder, declineOrder, listOrders, makeOrder, openCheckout, readOrder } from './orders.ts';
import { endPaymentMethod, readPaymentMethod, setUpPaymentMethod } from './payment-method.ts';
import { takeWebhook } from './payment-webhook.ts';
import { route, type Access, type Route } from './route.ts';

const BUYERS = ['manage', 'operate'] as const satisfies Access;
const OPERATORS = ['operate'] as const satisfies Access;

/** Below /tollgate/v1. */
export const BUYING_ROUTES: readonly Route[] = [...orderRoutes(), ...methodRoutes(), ...automaticRoutes()];

function orderRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/orders',
      access: BUYERS,
      about: 'Buys a package of credits or a plan. The answer tells where to pay; its credits come with the payment.',
      body: buying.orderRequest,
      answer: buying.madeOrder,
      makes: true,
      handle: makeOrder,
    }),
    route({
      method: 'GET',
      path: '/orders',
      access: BUYERS,
      about: 'Orders, by id, also those that were made by themselves.',
      query: buying.ordersQuery,
      answer: buying.orders,
      handle: listOrders,
    }),
    route({
      method: 'GET',
      path: '/orders/{id}',
      access: BUYERS,
      about: 'One order, by its whole id or as its client called it.',
      answer: buying.oneOrder,
      handle: readOrder,
    }),
    route({
      method: 'POST',
      path: '/orders/{id}/checkout',
      access: BUYERS,
      about: 'Tells where a person pays a bill for extra credits that could not be charged.',
      answer: buying.oneOrder,
      handle: openCheckout,
    }),
    route({
      method: 'POST',
      path: '/orders/{id}/confirm',
      access: OPERATORS,
      inOrganization: true,
      about: 'Says that the money for an order has come, where payments are confirmed by hand.',
      body: buying.wordRequest,
      answer: buying.oneOrder,
      handle: confirmOrder,
    }),
    route({
      method: 'POST',
      path: '/orders/{id}/decline',
      access: OPERATORS,
      inOrganization: true,
      about: 'Says that no money will come for an order, where payments are confirmed by hand.',
      body: buying.wordRequest,
      answer: buying.oneOrder,
      handle: declineOrder,
    }),
  ];
}

function methodRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/payment-methods/setup',
      access: BUYERS,
      about: 'Opens a form in which a person saves a payment method for extra credits and auto-purchase.',
      answer: buying.setUpMethod,
      handle: setUpPaymentMethod,
    }),
    route({
      method: 'GET',
      path: '/payment-method',
      access: BUYERS,
      about: 'The saved payment method, as people know it.',
      answer: buying.onePaymentMethod,
      handle: readPaymentMethod,
    }),
    route({
      method: 'DELETE',
      path: '/payment-method',
      access: BUYERS,
      about: 'Forgets the saved payment method, here and at the payment account.',
      answer: buying.endedMethod,
      handle: endPaymentMethod,
    }),
    route({
      method: 'POST',
      path: '/payments/{adapter}/webhook',
      access: 'anyone',
      about: 'What the payment account tells; its signature is the credential.',
      takes: 'raw',
      body: buying.signedMessage,
      answer: buying.takenMessage,
      handle: takeWebhook,
    }),
  ];
}

function automaticRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/auto-purchase',
      access: BUYERS,
      about: 'The settings of auto-purchase, and why it stands still where it does.',
      answer: buying.oneAutoPurchase,
      versioned: true,
      handle: readAutoPurchase,
    }),
    route({
      method: 'PATCH',
      path: '/auto-purchase',
      access: BUYERS,
      about: 'Sets, changes, pauses or resumes auto-purchase. The version is that of the organization.',
      body: buying.autoPurchaseChange,
      answer: buying.oneAutoPurchase,
      versioned: true,
      handle: changeAutoPurchase,
    }),
    route({
      method: 'DELETE',
      path: '/auto-purchase',
      access: BUYERS,
      about: 'Ends auto-purchase.',
      answer: buying.oneAutoPurchase,
      versioned: true,
      handle: endAutoPurchase,
    }),
    route({
      method: 'GET',
      path: '/extra',
      access: BUYERS,
      about: 'Extra credits by cycle, with their fees in exact money and the bills for them.',
      query: buying.extraQuery,
      answer: buying.extraCredits,
      handle: readExtra,
    }),
  ];
}
