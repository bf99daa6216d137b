/** What the web tool alone keeps: text blocks, and the key of this device. */
import { createClient } from "@connectrpc/connect";
import { queryOptions } from "@tanstack/react-query";
import { ReviewService } from "../gen/samspil/review/v1/review_service_pb";
import { transport } from "./transport";

export const review = createClient(ReviewService, transport);

/** The texts that answers are made of again and again. */
export const textBlocks = () =>
  queryOptions({
    queryKey: ["textBlocks"],
    queryFn: async () => (await review.listTextBlocks({})).textBlocks,
  });
