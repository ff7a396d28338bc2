//go:build !windows

package hook

import (
	"os/exec"
	"syscall"
)

// shell is what reads a line.
func shell(line string) (string, []string) { return "/bin/sh", []string{"-c", line} }

// group lets a command be ended with all that it has started.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}
