//go:build unix

package progress

import (
	"os"
	"os/signal"
	"syscall"
)

// Asked gives a wish for each SIGUSR1 that this process gets from now on.
func Asked() <-chan struct{} {
	signals, wishes := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		for range signals {
			select {
			case wishes <- struct{}{}:
			default: // nothing is under way
			}
		}
	}()
	return wishes
}
