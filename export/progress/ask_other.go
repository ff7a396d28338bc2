//go:build !unix

package progress

// Asked gives no wishes where there is no SIGUSR1.
func Asked() <-chan struct{} { return nil }
