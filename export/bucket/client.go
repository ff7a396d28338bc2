package bucket

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"agc-export/export/exit"
)

// client is Amazon's.
type client = *s3.Client

// Open makes a client of a bucket. It asks for nothing yet but, where the environment leaves that to be found
// out, for credentials.
func Open(ctx context.Context, cfg Config) (*Bucket, error) {
	roots, err := trust(cfg.CA)
	if err != nil {
		return nil, err
	}
	// What credentials are asked of is spoken to in the same way.
	web := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
		t.MaxResponseHeaderBytes = 1 << 20
		t.MaxIdleConnsPerHost = cfg.Workers
		t.ResponseHeaderTimeout = 5 * time.Minute
	})
	options := []func(*config.LoadOptions) error{config.WithHTTPClient(web)}
	if cfg.Region != "" {
		options = append(options, config.WithRegion(cfg.Region))
	}
	if cfg.FIPS {
		options = append(options, config.WithUseFIPSEndpoint(aws.FIPSEndpointStateEnabled))
	}
	set, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil { // it may quote a shared file
		return nil, &exit.UsageError{Text: "the AWS_* variables or the shared files of Amazon's tools cannot be read",
			Hint: "`aws configure list` shows what they say."}
	}
	if set.Region == "" && cfg.Endpoint != "" {
		set.Region = "us-east-1" // servers of one's own ask for it in signatures alone
	}
	if set.Region == "" {
		return nil, &exit.UsageError{Text: "[publish] region is empty, and AWS_REGION says none",
			Hint: "That of the bucket, such as us-gov-west-1."}
	}
	b := &Bucket{cfg: cfg, one: &oneHost{next: web.GetTransport()}}
	b.client = s3.NewFromConfig(set, func(o *s3.Options) {
		o.HTTPClient = b.one
		o.BaseEndpoint = nil // whatever AWS_ENDPOINT_URL says: the configuration names the host
		if cfg.Endpoint != "" {
			o.BaseEndpoint, o.UsePathStyle = aws.String(cfg.Endpoint), true
		}
		// Objects are sent with their SHA-256; servers of one's own know no others.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		o.DisableLogOutputChecksumValidationSkipped = true
	})
	b.one.host, err = b.resolve(ctx, set)
	return b, err
}

// resolve finds out on which host the bucket is.
func (b *Bucket) resolve(ctx context.Context, set aws.Config) (string, error) {
	if b.cfg.Endpoint != "" {
		u, err := url.Parse(b.cfg.Endpoint)
		if err != nil {
			return "", &exit.UsageError{Text: "[publish] endpoint is no address", Hint: ""}
		}
		return u.Host, nil
	}
	at, err := s3.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, s3.EndpointParameters{
		Bucket: aws.String(b.cfg.Name), Region: aws.String(set.Region), UseFIPS: aws.Bool(b.cfg.FIPS),
		UseDualStack: aws.Bool(false)})
	if err != nil {
		return "", &exit.UsageError{Text: "there is no endpoint for this bucket and region", Hint: ""}
	}
	return at.URI.Host, nil
}

// trust returns the authorities of this machine and those of a PEM text, nil for no text.
func trust(pem []byte) (*x509.CertPool, error) {
	if len(pem) == 0 {
		return nil, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, &exit.UsageError{Text: "[nango] ca_file holds no certificate in PEM form", Hint: ""}
	}
	return roots, nil
}

// oneHost sends requests to one host, and follows nothing anywhere.
type oneHost struct {
	next http.RoundTripper
	host string
}

// Do is what the library calls.
func (o *oneHost) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Host != o.host {
		return nil, errors.New("a request for another host than that of the bucket")
	}
	return o.next.RoundTrip(r)
}
