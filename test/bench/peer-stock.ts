// The stock proxy, unmetered: Express with http-proxy-middleware as its README shows it.
import express, { type Request, type Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { createServer } from 'node:http';
import { announce } from './announce.ts';

const app = express();
app.use('/openai', createProxyMiddleware<Request, Response>({ target: process.argv[2] ?? '', changeOrigin: true }));
announce(createServer(app));
