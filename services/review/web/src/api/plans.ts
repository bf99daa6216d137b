/** The shared care plan. */
import { createClient } from "@connectrpc/connect";
import { queryOptions } from "@tanstack/react-query";
import { CarePlanService } from "../gen/samspil/careplan/v1/care_plan_pb";
import { transport } from "./transport";

export const plans = createClient(CarePlanService, transport);

/** A citizen's plan. */
export const planOf = (patient: string) =>
  queryOptions({
    queryKey: ["plan", patient],
    queryFn: () => plans.getCarePlan({ name: `${patient}/carePlan` }),
  });
