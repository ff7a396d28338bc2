// Package bucket speaks to an S3-compatible bucket, and to no other host: list, store, remove,
// and remove versions. It knows nothing of what the objects are for. client.go makes the client, object.go
// has what is done with objects, version.go with their versions, error.go says what went wrong, without
// words of the server: those may name what nobody outside shall read.
//
// It is the only package of the program that writes over the network. The credentials come from where
// Amazon's tools take them: AWS_* variables, the shared files, a web identity, the machine's role.
//
// The library is Amazon's own (aws-sdk-go-v2, Apache-2.0): it knows the FIPS endpoints of each partition and the
// whole chain of credentials, and needs no MD5, which FIPS 140-3 mode alone does not have.
package bucket

// Config says which bucket is meant, and how objects are stored.
type Config struct {
	Name     string
	Prefix   string // before the names of all objects, "" or ending in "/"
	Region   string // empty: as the environment and the shared files say
	Endpoint string // empty: Amazon's own
	FIPS     bool   // Amazon's FIPS endpoints
	KMSKey   string // with which objects are encrypted; empty: as the bucket does by itself
	CA       []byte // authorities (PEM) that are trusted beside the machine's; may be nil
	Workers  int    // requests at once
}

// Bucket is a bucket below a prefix. Names of objects are told and taken without the prefix.
type Bucket struct {
	cfg    Config
	client client
	one    *oneHost
}

// Host is the one host that is spoken to.
func (b *Bucket) Host() string { return b.one.host }
