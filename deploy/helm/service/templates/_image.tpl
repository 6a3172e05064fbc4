{{- define "service.image" -}}
{{- $registry := .Values.global.imageRegistry | default .Values.image.registry -}}
{{- $repository := .Values.image.repository | default (printf "clew/%s" .Values.name) -}}
{{- with $registry }}{{ trimSuffix "/" . }}/{{ end }}{{ $repository }}
{{- with .Values.image.digest }}@{{ . }}{{ else }}:{{ include "service.version" $ }}{{ end }}
{{- end }}

{{/* service.version: what runs. */}}
{{- define "service.version" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end }}
