{{/* A name of at most 63 characters. Two long ones that begin alike do not become one. */}}
{{- define "service.shortened" -}}
{{- if gt (len .) 63 }}{{ trunc 54 . | trimSuffix "-" }}-{{ sha256sum . | trunc 8 }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/* Name of an object of the release: (list ROOT NAME). */}}
{{- define "service.nameInRelease" -}}
{{- $release := (index . 0).Release.Name | replace "." "-" -}}
{{- $name := index . 1 -}}
{{- include "service.shortened" (contains $name $release | ternary $release (printf "%s-%s" $release $name)) -}}
{{- end }}

{{/* Name of this service's objects. */}}
{{- define "service.fullname" -}}
{{- .Values.fullnameOverride | default (include "service.nameInRelease" (list . .Values.name)) -}}
{{- end }}

{{- define "service.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "service.fullname" .) "default") -}}
{{- end }}

{{/* deployment.environment.name */}}
{{- define "service.environment" -}}
{{- .Values.environment | default .Values.global.environment | default "development" -}}
{{- end }}
