{{/* What a scrape is told of the resource: the labels that the same service's OTLP metrics have. */}}
{{- define "service.relabelings" -}}
- targetLabel: service_name
  replacement: {{ .Values.name }}
- targetLabel: service_namespace
  sourceLabels: [__meta_kubernetes_namespace]
- targetLabel: deployment_environment_name
  replacement: {{ include "service.environment" . | quote }}
# As OTLP metrics have them: service.namespace/service.name, and service.instance.id.
- targetLabel: job
  sourceLabels: [__meta_kubernetes_namespace]
  replacement: $1/{{ .Values.name }}
- targetLabel: instance
  sourceLabels: [__meta_kubernetes_namespace, __meta_kubernetes_pod_name, __meta_kubernetes_pod_container_name]
  separator: "."
{{- end }}
