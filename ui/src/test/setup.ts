import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// React asks whether a test waits for what it does to the page.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

afterEach(cleanup);
