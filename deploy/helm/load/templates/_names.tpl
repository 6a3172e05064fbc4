{{/* A name of at most 52 characters, which is what a CronJob may have. Two long ones that begin alike do not become one. */}}
{{- define "load.fullname" -}}
{{- $release := .Release.Name | replace "." "-" -}}
{{- $full := .Values.fullnameOverride | default (contains .Values.name $release | ternary $release (printf "%s-%s" $release .Values.name)) -}}
{{- if gt (len $full) 52 }}{{ trunc 43 $full | trimSuffix "-" }}-{{ sha256sum $full | trunc 8 }}{{ else }}{{ $full }}{{ end -}}
{{- end }}

{{/*
Name of a Job or a TestRun: (list ROOT WHAT_IT_DOES). The one cannot be changed, the other is not played again when it is: with
other values it is another object. At most 50 characters, to which the k6 operator adds up to `-service-999`.
*/}}
{{- define "load.runName" -}}
{{- include "load.fullname" (index . 0) | trunc 41 | trimSuffix "-" }}-{{ index . 1 | sha256sum | trunc 8 }}
{{- end }}

{{/* Host name of a service of the release, as deploy/helm/service names it: (list ROOT NAME). */}}
{{- define "load.host" -}}
{{- $release := (index . 0).Release.Name | replace "." "-" -}}
{{- $name := index . 1 -}}
{{- $full := contains $name $release | ternary $release (printf "%s-%s" $release $name) -}}
{{- if gt (len $full) 63 }}{{ trunc 54 $full | trimSuffix "-" }}-{{ sha256sum $full | trunc 8 }}{{ else }}{{ $full }}{{ end -}}
{{- end }}

{{/* Port of a URL: what it says, or what its scheme has. */}}
{{- define "load.portOf" -}}
{{- regexFind ":[0-9]+$" (urlParse .).host | trimPrefix ":" | default (hasPrefix "https:" . | ternary "443" "80") -}}
{{- end }}

{{- define "load.selectorLabels" -}}
app.kubernetes.io/name: {{ .Values.name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "load.podLabels" -}}
{{- $own := include "load.selectorLabels" . | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "clew" -}}
{{- toYaml (merge $own .Values.podLabels) -}}
{{- end }}

{{- define "load.metadata" -}}
name: {{ include "load.fullname" . }}
{{ include "load.place" . }}
{{- end }}

{{/* Metadata less the name. */}}
{{- define "load.place" -}}
namespace: {{ .Release.Namespace | quote }}
labels:
  {{- include "load.selectorLabels" . | nindent 2 }}
  app.kubernetes.io/part-of: clew
  app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "load.image" -}}
{{- with .Values.global.imageRegistry | default .Values.image.registry }}{{ trimSuffix "/" . }}/{{ end }}{{ .Values.image.repository }}
{{- with .Values.image.digest }}@{{ . }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}
