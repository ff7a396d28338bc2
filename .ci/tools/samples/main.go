// Samples reads the samples that the program prints as those read them who they are for: a CronJob as Kubernetes'
// own types, strictly, and a Containerfile as BuildKit does.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: samples CRONJOB CONTAINERFILE")
		os.Exit(2)
	}
	if err := errors.Join(cronJob(os.Args[1]), containerfile(os.Args[2])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// cronJob wants a file to be a CronJob without unknown or repeated fields, which runs as nobody in particular and
// mounts what it has, and nothing else.
func cronJob(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var job batch.CronJob
	if err := yaml.UnmarshalStrict(text, &job); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if job.APIVersion != "batch/v1" || job.Kind != "CronJob" || job.Name == "" || job.Spec.Schedule == "" {
		return fmt.Errorf("%s is not a CronJob", file)
	}
	pod := job.Spec.JobTemplate.Spec.Template.Spec
	if pod.RestartPolicy != core.RestartPolicyNever || len(pod.Containers) != 1 ||
		pod.SecurityContext == nil || pod.SecurityContext.RunAsNonRoot == nil || !*pod.SecurityContext.RunAsNonRoot {
		return fmt.Errorf("%s: its pod is not one container that runs once and not as root", file)
	}
	had := map[string]bool{}
	for _, v := range pod.Volumes {
		had[v.Name] = true
	}
	for _, m := range pod.Containers[0].VolumeMounts {
		if !had[m.Name] {
			return fmt.Errorf("%s mounts %s, which is no volume", file, m.Name)
		}
		delete(had, m.Name)
	}
	if len(had) > 0 {
		return fmt.Errorf("%s does not mount %v", file, had)
	}
	return nil
}

// containerfile wants BuildKit to understand a file, and its linter to find nothing.
func containerfile(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	tree, err := parser.Parse(f)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var found error
	lint := linter.New(&linter.Config{Warn: func(rule, about, _, text string, _ []parser.Range) {
		found = errors.Join(found, fmt.Errorf("%s: %s: %s: %s", file, rule, about, text))
	}})
	stages, _, err := instructions.Parse(tree.AST, lint)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if len(stages) != 1 {
		return fmt.Errorf("%s has %d stages", file, len(stages))
	}
	return found
}
