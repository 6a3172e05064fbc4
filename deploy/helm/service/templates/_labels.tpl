{{/* What a Service, a monitor or a policy selects the pods by. It never changes: a Deployment's selector cannot. */}}
{{- define "service.selectorLabels" -}}
app.kubernetes.io/name: {{ .Values.name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* Of the pods; without the chart's version, which would replace them for nothing. */}}
{{- define "service.podLabels" -}}
{{- $own := include "service.selectorLabels" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/version" (include "service.version" . | replace "+" "_" | trunc 63 | trimAll "-._") -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "clew" -}}
{{- toYaml (merge $own .Values.podLabels .Values.labels) -}}
{{- end }}

{{/* Of an object: (list ROOT FURTHER_LABELS). */}}
{{- define "service.labels" -}}
{{- $root := index . 0 -}}
{{- $own := include "service.selectorLabels" $root | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/version" (include "service.version" $root | replace "+" "_" | trunc 63 | trimAll "-._") -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "clew" -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63) -}}
{{- toYaml (merge $own (index . 1) $root.Values.labels) -}}
{{- end }}

{{/* Name, namespace and labels of an object: (list ROOT FURTHER_LABELS). */}}
{{- define "service.metadata" -}}
{{- $root := index . 0 -}}
name: {{ include "service.fullname" $root }}
namespace: {{ $root.Release.Namespace | quote }}
labels:
  {{- include "service.labels" . | nindent 2 }}
{{- end }}
