package export

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The kernel hands every file operation of a watched child to its parent before it
// happens (seccomp's user notifications): the parent counts, looks around while the
// child stands still, and lets it go on, fails it with an error of its choice, or kills
// the child. So the code under test needs no seam, and SQLite's operations count too.

// watchedCalls are the system calls that change files, with what a full disk does to them,
// and those that reach for the network.
var watchedCalls = []struct {
	nr   uint32
	name string
	full bool // needs room on the disk
}{
	{unix.SYS_WRITE, "write", true}, {unix.SYS_PWRITE64, "pwrite", true}, {unix.SYS_WRITEV, "writev", true},
	{unix.SYS_FTRUNCATE, "ftruncate", false}, {unix.SYS_FALLOCATE, "fallocate", true},
	{unix.SYS_COPY_FILE_RANGE, "copy", true},
	{unix.SYS_FSYNC, "fsync", true}, {unix.SYS_FDATASYNC, "fdatasync", true}, {unix.SYS_SYNCFS, "syncfs", true},
	{unix.SYS_OPENAT, "open", true}, {unix.SYS_OPENAT2, "open", true}, {unix.SYS_OPEN, "open", true},
	{unix.SYS_MKDIRAT, "mkdir", true}, {unix.SYS_MKDIR, "mkdir", true},
	{unix.SYS_RENAMEAT, "rename", true}, {unix.SYS_RENAMEAT2, "rename", true}, {unix.SYS_RENAME, "rename", true},
	{unix.SYS_LINKAT, "link", true}, {unix.SYS_SYMLINKAT, "symlink", true},
	{unix.SYS_SOCKET, "socket", false}, {unix.SYS_CONNECT, "connect", false}, {unix.SYS_BIND, "bind", false},
	{unix.SYS_UNLINKAT, "unlink", false}, {unix.SYS_UNLINK, "unlink", false}, {unix.SYS_RMDIR, "unlink", false},
}

// notice is struct seccomp_notif.
type notice struct {
	id         uint64
	pid, flags uint32
	nr, arch   uint32
	ip         uint64
	args       [6]uint64
}

// reply is struct seccomp_notif_resp.
type reply struct {
	id    uint64
	val   int64
	err   int32
	flags uint32
}

// beWatched puts this process under the watch of whoever holds the other end of the
// socket fd.
func beWatched(fd int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	listener, err := installFilter()
	if err != nil {
		return err
	}
	defer unix.Close(listener)
	return errors.Join(unix.Sendmsg(fd, []byte("x"), unix.UnixRights(listener), nil, 0), unix.Close(fd))
}

// installFilter makes the watched calls of all threads wait for the listener's word.
func installFilter() (int, error) {
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	filter := []unix.SockFilter{load(0)}
	for i, c := range watchedCalls {
		left := uint8(len(watchedCalls) - i) // to the last instruction: after the jumps comes "allow"
		filter = append(filter, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: c.nr, Jt: left})
	}
	filter = append(filter, unix.SockFilter{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: unix.BPF_RET, K: unix.SECCOMP_RET_USER_NOTIF})
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_NEW_LISTENER|unix.SECCOMP_FILTER_FLAG_TSYNC|unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
		uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(filter)
	if errno != 0 {
		return 0, fmt.Errorf("seccomp: %w", errno)
	}
	return int(fd), nil
}

// operation is a change of a file that a child is about to make, or a step onto the
// network.
type operation struct {
	n    int    // counted from 1
	name string // as in watchedCalls
	full bool
	net  bool
	to   netip.AddrPort // of a connect or bind
	file string         // of a write, sync or cut: its path
}

// verdict is what becomes of an operation.
type verdict struct {
	kill bool
	err  unix.Errno // 0: it happens
}

// watched runs a child and asks judge about each of its operations on files below dir. It
// returns the exit code (-1: killed) and what the child said.
func watched(t testing.TB, o childOrder, dir string, judge func(operation) verdict) (code int, said string) {
	t.Helper()
	return watchedWith(t, o, dir, judge, func(*os.Process) {})
}

// watchedWith does the same, and lets beside deal with the child while it runs.
func watchedWith(t testing.TB, o childOrder, dir string, judge func(operation) verdict,
	beside func(*os.Process)) (code int, said string) {
	t.Helper()
	o.Watched = true
	cmd := o.command(t)
	cmd.Env = append(cmd.Env, "GODEBUG=asyncpreemptoff=1")
	var output strings.Builder
	cmd.Stderr, cmd.Stdout = &output, &output
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs := os.NewFile(uintptr(pair[0]), "mine"), os.NewFile(uintptr(pair[1]), "theirs")
	cmd.ExtraFiles = []*os.File{theirs}
	defer mine.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	listener, err := receive(mine)
	if err != nil {
		cmd.Wait()
		t.Skipf("SKIPPED: this machine does not let a parent watch the file operations of a child: %v: %s", err,
			output.String())
	}
	defer unix.Close(listener)
	w := &watch{listener: listener, dir: dir, cmd: cmd, judge: judge}
	done := make(chan struct{})
	go func() { defer close(done); beside(cmd.Process) }()
	err = w.loop()
	cmd.Wait() // its code is what counts
	<-done
	if err != nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), output.String()
}

// receive takes the listener that a child sends.
func receive(f *os.File) (int, error) {
	c, err := net.FileConn(f)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	rights := make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := c.(*net.UnixConn).ReadMsgUnix(make([]byte, 1), rights)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("no listener came: %w", err)
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil {
		return 0, err
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return 0, err
	}
	return fds[0], nil
}

// watch is the parent's side.
type watch struct {
	listener int
	dir      string
	cmd      *exec.Cmd
	judge    func(operation) verdict
	n        int
}

// loop judges operations until the child has ended.
func (w *watch) loop() error {
	for {
		poll := []unix.PollFd{{Fd: int32(w.listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(poll, -1); err != nil && err != unix.EINTR {
			return err
		}
		if poll[0].Revents&unix.POLLIN == 0 {
			if poll[0].Revents != 0 {
				return nil // hung up: no process is left
			}
			continue
		}
		var n notice
		err := w.ioctl(unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&n))
		if err == unix.ENOENT || err == unix.EINTR {
			continue // the caller was killed or interrupted meanwhile
		}
		if err != nil {
			return err
		}
		r := reply{id: n.id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
		if v := w.verdict(&n); v.kill {
			if err := w.cmd.Process.Kill(); err != nil {
				return err
			}
			continue
		} else if v.err != 0 {
			r.err, r.flags = -int32(v.err), 0
		}
		if err := w.ioctl(unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&r)); err != nil && err != unix.ENOENT {
			return err
		}
	}
}

func (w *watch) ioctl(request uint, arg unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(w.listener), uintptr(request), uintptr(arg)); errno != 0 {
		return errno
	}
	return nil
}

// verdict asks judge, if the operation changes a file below the folder.
func (w *watch) verdict(n *notice) verdict {
	i := slices.IndexFunc(watchedCalls, func(c struct {
		nr   uint32
		name string
		full bool
	}) bool {
		return c.nr == n.nr
	})
	c := watchedCalls[i]
	if !w.counts(n, c.name) {
		return verdict{}
	}
	w.n++
	op := operation{n: w.n, name: c.name, full: c.full, file: target(n, c.name)}
	switch n.nr {
	case unix.SYS_SOCKET:
		op.net = true
	case unix.SYS_CONNECT, unix.SYS_BIND:
		op.net, op.to = true, w.address(n)
	}
	return w.judge(op)
}

// address reads the address of a connect or bind out of the child's memory. It is not
// valid for what stays on the machine by other means than IP.
func (w *watch) address(n *notice) netip.AddrPort {
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", n.pid))
	if err != nil {
		return netip.AddrPort{}
	}
	defer mem.Close()
	raw := make([]byte, min(n.args[2], unix.SizeofSockaddrInet6))
	if _, err := mem.ReadAt(raw, int64(n.args[1])); err != nil || len(raw) < unix.SizeofSockaddrInet4 {
		return netip.AddrPort{}
	}
	port := binary.BigEndian.Uint16(raw[2:])
	switch family := binary.NativeEndian.Uint16(raw); {
	case family == unix.AF_INET:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(raw[4:8])), port)
	case family == unix.AF_INET6 && len(raw) >= 24:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(raw[8:24])).Unmap(), port)
	}
	return netip.AddrPort{}
}

// counts leaves out what opens a file for reading, what is written elsewhere, and sockets
// that lead nowhere.
func (w *watch) counts(n *notice, name string) bool {
	const writes = unix.O_WRONLY | unix.O_RDWR | unix.O_CREAT | unix.O_TRUNC
	switch {
	case n.nr == unix.SYS_OPENAT:
		return n.args[2]&writes != 0
	case n.nr == unix.SYS_OPEN:
		return n.args[1]&writes != 0
	case slices.Contains(byDescriptor, name):
		return strings.HasPrefix(target(n, name), w.dir)
	case n.nr == unix.SYS_SOCKET: // others stay on the machine, such as the one that looks up the user's name
		return n.args[0] == unix.AF_INET || n.args[0] == unix.AF_INET6
	case n.nr == unix.SYS_CONNECT || n.nr == unix.SYS_BIND:
		return w.address(n).IsValid()
	}
	return true
}

// byDescriptor are the operations on a file that is open.
var byDescriptor = []string{"write", "pwrite", "writev", "ftruncate", "fsync", "fdatasync"}

// target is the path of the open file that an operation is on, "" where there is none.
func target(n *notice, name string) string {
	if !slices.Contains(byDescriptor, name) {
		return ""
	}
	file, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", n.pid, int32(n.args[0]))) // "" for none
	return file
}
