// Command connectty is the terminal explorer for the Pipedream Connect API
// proxy.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/connectty/connectty/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := cli.Execute(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}
