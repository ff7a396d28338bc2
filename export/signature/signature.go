// Package signature signs lists of checksums as OpenSSH signs files (PROTOCOL.sshsig), so that `ssh-keygen -Y verify`
// proves one without this program.
package signature

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/fips140"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"agc-export/export/exit"
	"agc-export/export/replace"
)

// Namespace is what ssh-keygen calls files by: its -n.
const Namespace = "file"

// Write signs a message with the private key of a file and puts the signature in a file, in the place of an older one.
// It returns the public key as a line of authorized_keys. The errors are an *exit.UsageError for a key that is not one,
// that others may read, that has a passphrase, or that FIPS 140-3 does not allow where this program runs so.
func Write(to string, message io.Reader, keyFile string) (public string, err error) {
	signer, err := readKey(keyFile)
	if err != nil {
		return "", err
	}
	signed, err := sshsig.Sign(message, signer, sshsig.HashSHA512, Namespace)
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	public = string(bytes.TrimSpace(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	return public, replace.File(to, 0o644, sshsig.Armor(signed))
}

// readKey reads a private key in any form that ssh-keygen writes.
func readKey(file string) (ssh.Signer, error) {
	info, err := os.Stat(file)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no plain file")
	}
	if err != nil {
		return nil, unfit(file, "cannot be read: "+reason(err), "--key names a private key in a file.")
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
		return nil, unfit(file, "may be read by everybody on this machine", "chmod 600 it, as ssh wants it too.")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, unfit(file, "cannot be read: "+reason(err), "--key names a private key in a file.")
	}
	raw, err := ssh.ParseRawPrivateKey(data)
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return nil, unfit(file, "has a passphrase, which nobody can type at night",
			"Sign with `ssh-keygen -Y sign -n "+Namespace+" -f KEY FILE`, which asks an agent, or make a key for this "+
				"alone.")
	case err != nil: // whose words may quote the file
		return nil, unfit(file, "is no private key", oneIsMade)
	}
	if key, ok := raw.(*ecdsa.PrivateKey); fips140.Enabled() && (!ok || key.Curve != elliptic.P256()) {
		return nil, unfit(file, "is not of ECDSA P-256, as it has to be in FIPS 140-3 mode",
			oneIsMade)
	}
	if key, ok := raw.(*rsa.PrivateKey); ok && key.N.BitLen() < leastRSA {
		return nil, unfit(file, fmt.Sprintf("has %d bits, and RSA needs %d to prove anything", key.N.BitLen(),
			leastRSA), oneIsMade)
	}
	signer, err := ssh.NewSignerFromKey(raw)
	if err != nil {
		return nil, unfit(file, "is a key of a kind that cannot sign", oneIsMade)
	}
	return signer, nil
}

// leastRSA is how many bits an RSA key has that NIST allows for signatures (SP 800-131A).
const leastRSA = 2048

const oneIsMade = "`ssh-keygen -t ecdsa -b 256 -f FILE -N ''` makes one."

func unfit(file, what, hint string) error {
	return &exit.UsageError{Text: "the key " + file + " " + what, Hint: hint}
}

// reason is an error without the path that it names again.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return err.Error()
}
