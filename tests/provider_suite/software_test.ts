import { testProvider } from "./all.ts";
import { softwareSuite } from "./software.ts";

testProvider(softwareSuite);
