package bucket

import (
	"context"
	"errors"
	"fmt"
	"strings"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// Error is an answer of the bucket that is none, or no answer. It says what was tried and how that was refused,
// in codes: words of servers may quote keys and names.
type Error struct {
	Op, Host string
	Status   int    // 0: no answer
	Code     string // as the server calls it, such as AccessDenied
	Hint     string
}

// Error says it for a person.
func (e *Error) Error() string {
	text := "cannot " + e.Op + ": "
	switch {
	case e.Code == noCredentials:
		text += "there are no credentials"
	case e.Status == 0:
		text += "no answer from " + e.Host
	default:
		text += fmt.Sprintf("%s answers %d %s", e.Host, e.Status, e.Code)
	}
	if e.Hint != "" {
		text += "\n" + e.Hint
	}
	return text
}

// Reason is that of a refusal, for the exit code.
func (e *Error) Reason() string {
	switch {
	case e.Code == noCredentials || e.Status == 401 || e.Status == 403:
		return "authorization"
	case e.Code == "NoSuchBucket" || e.Status == 301:
		return "configuration"
	case e.Status == 429 || e.Code == "SlowDown":
		return "budget"
	}
	return ""
}

// noCredentials is our code for a request that could not be signed.
const noCredentials = "no credentials"

// hints say what to do next, by code.
var hints = map[string]string{
	noCredentials: "They come from where Amazon's tools take them, see `agc-export help upload`.",
	"AccessDenied": "`agc-export help upload` lists what the credentials must allow, the key for encryption among " +
		"it.",
	"InvalidAccessKeyId":           "AWS_ACCESS_KEY_ID, or what stands in its place, is none of this server.",
	"SignatureDoesNotMatch":        "AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID.",
	"RequestTimeTooSkewed":         "The clock of this machine is wrong.",
	"NoSuchBucket":                 "Look at [publish] s3, region and endpoint.",
	"PermanentRedirect":            "[publish] region is not that of the bucket.",
	"AuthorizationHeaderMalformed": "[publish] region is not that of the bucket.",
}

// code is what the server calls an error, "" where it says nothing.
func code(err error) string {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return ""
	}
	c := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, api.ErrorCode())
	return c[:min(len(c), 40)]
}

// failed makes the error of a request that was not answered well; nil for none.
func (b *Bucket) failed(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	e := &Error{Op: op, Host: b.Host(), Code: code(err)}
	var answer *awshttp.ResponseError
	var unsigned *v4.SigningError
	switch {
	case errors.As(err, &answer):
		e.Status = answer.HTTPStatusCode()
	case errors.As(err, &unsigned) || strings.Contains(err.Error(), "get identity"):
		e.Code = noCredentials
	}
	e.Hint = hints[e.Code]
	return e
}
