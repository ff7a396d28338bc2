package config

import (
	"fmt"
	"net/url"
	"path"
	"reflect"
	"strings"

	"agc-export/export/exit"
	"agc-export/render/expression"
)

// Publish says what must hold of a generation before it is published, and where else it goes: to a bucket.
type Publish struct {
	Check        string `toml:"check"`
	CheckTimeout int    `toml:"check_timeout"`

	S3       string `toml:"s3"`
	Prefix   string `toml:"prefix"`
	Region   string `toml:"region"`
	Endpoint string `toml:"endpoint"`
	FIPS     bool   `toml:"fips"`
	KMSKeyID string `toml:"kms_key_id"`
	Headers  string `toml:"headers"`
	Cache    string `toml:"cache"`
}

// HeadersFront as [publish] headers says that a front adds what a bucket cannot.
const HeadersFront = "front"

var (
	bucketName  = expression.New(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	regionName  = expression.New(`^[a-z0-9-]*$`)
	keyPrefix   = expression.New(`^[A-Za-z0-9!_.*'()/-]*$`)
	keyID       = expression.New(`^[A-Za-z0-9:/_-]*$`)
	headerValue = expression.New(`^[ -~]*$`)
)

// validate checks the gate before publishing and the settings of the bucket; bad makes the error for a key.
func (p *Publish) validate(bad func(key, why string) error) error {
	switch {
	case p.CheckTimeout < 1:
		return bad("publish.check_timeout", "must be 1 second or more")
	case p.S3 != "" && !bucketName.MatchString(p.S3):
		return bad("publish.s3", told(p.S3)+" is not the name of a bucket, such as agency-wiki, without s3://")
	case !keyPrefix.MatchString(p.Prefix) || p.Prefix != "" && path.Clean("/"+p.Prefix) != "/"+p.Prefix:
		return bad("publish.prefix", told(p.Prefix)+` is not a prefix such as "wiki" or "docs/wiki"`)
	case !regionName.MatchString(p.Region):
		return bad("publish.region", told(p.Region)+" is not a region such as us-gov-west-1")
	case p.FIPS && p.Endpoint != "":
		return bad("publish.fips", "chooses Amazon's FIPS endpoints: leave endpoint empty")
	case !keyID.MatchString(p.KMSKeyID):
		return bad("publish.kms_key_id", told(p.KMSKeyID)+" is neither the id of a key nor its ARN")
	case !headerValue.MatchString(p.Cache):
		return bad("publish.cache", told(p.Cache)+" is not a value of Cache-Control")
	case p.Endpoint == "":
		return nil
	}
	if err := checkBaseURL(p.Endpoint); err != nil {
		return bad("publish.endpoint", err.Error())
	}
	if u, err := url.Parse(p.Endpoint); err != nil || u.Path != "" && u.Path != "/" {
		return bad("publish.endpoint", "must be a host alone, such as https://s3.agency.example")
	}
	return nil
}

// Ready refuses an upload that nobody has said is safe: a bucket sends few headers by itself.
func (p *Publish) Ready() error {
	if p.S3 == "" || p.Headers == HeadersFront {
		return nil
	}
	return &exit.UsageError{Text: `[publish] headers is not "front": a bucket alone cannot send the headers that ` +
		"keep what people uploaded from running",
		Hint: "Put a front with the headers of `agc-export help upload` before it, let nobody else read the bucket, " +
			`and set headers = "front".`}
}

// bucketSecrets are the variables from which Amazon's tools take what is secret.
var bucketSecrets = []string{"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}

// ApartFromBucket refuses arguments and settings that hold a secret of the bucket, as the environment has it.
func (c *Config) ApartFromBucket(args []string, environ map[string]string) error {
	for _, name := range bucketSecrets {
		secret := strings.TrimSpace(environ[name])
		if len(secret) < leastKey {
			continue
		}
		if strings.Contains(strings.Join(args, "\n"), secret) {
			return &exit.UsageError{Text: "an argument holds " + name + ", which lists of processes and histories of " +
				"shells show", Hint: "Make another key, and give it in the environment alone."}
		}
		for _, k := range Keys() {
			if strings.Contains(fmt.Sprint(reflect.ValueOf(c).Elem().FieldByIndex(k.index).Interface()), secret) {
				return &exit.UsageError{Text: "[" + k.Section + "] " + k.Key + " holds " + name,
					Hint: "Take it out: that is no place for it."}
			}
		}
	}
	return nil
}
