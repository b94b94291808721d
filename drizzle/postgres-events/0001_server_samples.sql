CREATE TABLE "server_samples" (
	"key" text PRIMARY KEY NOT NULL,
	"server" text NOT NULL,
	"at" bigint NOT NULL,
	"figures" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "server_samples_at" ON "server_samples" USING btree ("at");