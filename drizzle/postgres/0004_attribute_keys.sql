DROP INDEX "shapes_job";--> statement-breakpoint
ALTER TABLE "shapes" ADD COLUMN "attribute_keys" text;--> statement-breakpoint
CREATE INDEX "shapes_job" ON "shapes" USING btree ("job_id","frame","parent_id","label_id","width","height","area","score","type","source","occluded","attribute_keys");