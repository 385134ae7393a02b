import { upsertsSurviveKills } from './upserts-killed.suite.ts';

upsertsSurviveKills(500);
