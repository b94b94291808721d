// Reads manifests from standard input into the types of Kubernetes itself: unknown and misplaced fields, and selectors that fit nothing, are faults.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/yaml"
)

var known = map[string]func() any{
	"v1/ServiceAccount":                      func() any { return &core.ServiceAccount{} },
	"v1/Service":                             func() any { return &core.Service{} },
	"v1/Pod":                                 func() any { return &core.Pod{} },
	"v1/PersistentVolumeClaim":               func() any { return &core.PersistentVolumeClaim{} },
	"apps/v1/Deployment":                     func() any { return &apps.Deployment{} },
	"policy/v1/PodDisruptionBudget":          func() any { return &policy.PodDisruptionBudget{} },
	"autoscaling/v2/HorizontalPodAutoscaler": func() any { return &autoscaling.HorizontalPodAutoscaler{} },
	"networking.k8s.io/v1/Ingress":           func() any { return &networking.Ingress{} },
	"networking.k8s.io/v1/NetworkPolicy":     func() any { return &networking.NetworkPolicy{} },
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	faults, objects := 0, 0
	fail := func(what string, err any) { faults++; fmt.Fprintf(os.Stderr, "%s: %v\n", what, err) }
	var pods []labels.Set
	wanted := map[string]labels.Selector{}
	for _, part := range bytes.Split(text, []byte("\n---")) {
		var kind meta.TypeMeta
		if err := yaml.Unmarshal(part, &kind); err != nil {
			fail("a manifest", err)
			continue
		}
		if kind.Kind == "" {
			continue
		}
		name := kind.APIVersion + "/" + kind.Kind
		make, isKnown := known[name]
		if !isKnown {
			fail(name, "not a kind that this chart has")
			continue
		}
		object := make()
		if err := yaml.UnmarshalStrict(part, object); err != nil {
			fail(name, err)
			continue
		}
		objects++
		switch one := object.(type) {
		case *apps.Deployment:
			pods = append(pods, one.Spec.Template.Labels)
			selector, err := meta.LabelSelectorAsSelector(one.Spec.Selector)
			if err != nil || !selector.Matches(labels.Set(one.Spec.Template.Labels)) {
				fail(one.Name, "its selector does not fit its pods")
			}
			secure := one.Spec.Template.Spec.SecurityContext
			if secure == nil || secure.RunAsNonRoot == nil || !*secure.RunAsNonRoot {
				fail(one.Name, "may run as root")
			}
			for _, container := range one.Spec.Template.Spec.Containers {
				if c := container.SecurityContext; c == nil || c.ReadOnlyRootFilesystem == nil || !*c.ReadOnlyRootFilesystem {
					fail(one.Name, "its root file system can be written")
				}
			}
		case *core.Service:
			wanted["service "+one.Name] = labels.SelectorFromSet(one.Spec.Selector)
		case *policy.PodDisruptionBudget:
			wanted["budget "+one.Name], _ = meta.LabelSelectorAsSelector(one.Spec.Selector)
		case *networking.NetworkPolicy:
			wanted["policy "+one.Name], _ = meta.LabelSelectorAsSelector(&one.Spec.PodSelector)
		}
	}
	for name, selector := range wanted {
		fits := 0
		for _, pod := range pods {
			if selector.Matches(pod) {
				fits++
			}
		}
		if fits != 1 {
			fail(name, fmt.Sprintf("selects %d kinds of pods", fits))
		}
	}
	fmt.Printf("%d manifests, %d faults\n", objects, faults)
	if faults > 0 || objects == 0 {
		os.Exit(1)
	}
}
