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
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup keeps it running
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	status := cli.Execute(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}
