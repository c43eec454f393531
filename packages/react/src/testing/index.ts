export {
  approvalFixture,
  type FixtureClaim,
  type FixtureDecision,
  type FixtureHistory,
  fixtureNow,
} from "./approval-fixture.ts";
export { createFakeTransport, type FakeTransport, type FakeTransportOptions } from "./fake-transport.ts";
export {
  fakeTransportOf,
  type HoldpointParameters,
  holdpointDecorator,
  holdpointLoader,
  type StoryContext,
} from "./holdpoint-decorator.tsx";
export { hostileText, longUnbrokenText } from "./hostile-requests.ts";
export { people } from "./people.ts";
export { type RunFixture, runFixture, type StepFixture } from "./run-fixture.ts";
export {
  deleteCustomer,
  deployment,
  escalatingRefund,
  failoverQuestion,
  outreachEmail,
  publishArticle,
  refund,
  warehouseSql,
} from "./sample-requests.ts";
export type { Seed } from "./seed.ts";
