import { Arrivals } from "./Arrivals";
import { useAlong } from "./along";

/** Whatever page a nurse is on, an answer finds her there. */
export default function Following() {
  return <Arrivals caseload={useAlong().caseload} />;
}
